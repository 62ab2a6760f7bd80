//! How full the pool of an application's database connections is, from its page of metrics (the text format of Prometheus).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, header};
use http_body_util::{BodyExt as _, Limited};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use super::{Found, Wanted, until, with_found};
use crate::judge::PoolUse;
use crate::service::{Service, Target, Turn};
use crate::upstream::{self, Patiences, RequestBody};

/// As often as the judge looks.
const EVERY: Duration = Duration::from_secs(1);
/// How large a page may be.
const LARGEST: usize = 4 * 1024 * 1024;

/// Looks at the candidate's targets, once a second, while one is on trial. Of several the fullest counts.
pub(super) async fn look(
    service: Arc<Service>,
    path: String,
    mut wanted: watch::Receiver<Wanted>,
    found: Arc<Mutex<Found>>,
) {
    let mut turns = tokio::time::interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while let Some(Wanted { candidate: Some(candidate), .. }) =
        until(&mut wanted, |wanted| wanted.candidate.is_some()).await
    {
        turns.tick().await;
        let mut fullest: Option<PoolUse> = None;
        for target in service.fleet(candidate).targets() {
            let looked = tokio::time::timeout(EVERY, pool_of(&service, target, &path)).await.ok().flatten();
            let is_fuller = |pool: &PoolUse| fullest.is_none_or(|fullest| pool.share() > fullest.share());
            fullest = looked.filter(is_fuller).or(fullest);
        }
        with_found(&found, |found| found.pool = fullest);
    }
}

async fn pool_of(service: &Service, target: &Arc<Target>, path: &str) -> Option<PoolUse> {
    let request = Request::get(path)
        .header(header::HOST, target.address.as_str())
        .header(header::USER_AGENT, "mainstay-edge")
        .body(RequestBody::Empty)
        .ok()?;
    let turn = Turn::of(Arc::clone(target));
    let page = upstream::send(turn, request, Patiences::of(&service.config)).await.ok()?;
    let page = Limited::new(page.into_body(), LARGEST).collect().await.ok()?.to_bytes();
    let page = std::str::from_utf8(&page).ok()?;
    let settings = &service.config.rollout;
    let number = |name: &str| total(page, name).and_then(whole);
    Some(PoolUse { used: number(&settings.pool_used)?, size: number(&settings.pool_size)? })
}

/// The values of a metric, with whatever labels, added up.
fn total(page: &str, name: &str) -> Option<f64> {
    let values = page.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let value = match rest.as_bytes().first()? {
            b'{' => rest.rsplit_once('}')?.1,
            b' ' => rest,
            _ => return None,
        };
        value.split_ascii_whitespace().next()?.parse::<f64>().ok()
    });
    values.reduce(|sum, value| sum + value)
}

fn whole(value: f64) -> Option<u32> {
    // Shortest way from a float that is a count to an integer, without a cast that could lose anything.
    (value >= 0.0).then(|| format!("{value:.0}").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_found_by_its_whole_name_and_its_values_add_up() {
        let page = "# HELP pool_used Connections\n# TYPE pool_used gauge\npool_used{db=\"a\"} 7\npool_used{db=\"b}\"} 2.0 1700000000\n\
                    pool_used_total 99\npool_size 10\n";
        assert_eq!(total(page, "pool_used"), Some(9.0));
        assert_eq!(total(page, "pool_size").and_then(whole), Some(10));
        assert_eq!(total(page, "pool"), None);
        assert_eq!(whole(-1.0), None);
        assert_eq!(whole(f64::NAN), None);
    }
}
