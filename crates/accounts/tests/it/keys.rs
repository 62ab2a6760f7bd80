//! The keys that sign access tokens and seal secrets: at rest, in rotation, and after it.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{AccountsError, Actor, Config, KeyInfo, MailConfig, Purpose};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use chrono::TimeDelta;
use foundation::Uuid;
use foundation::config::Period;
use reqwest::StatusCode;
use serde_json::json;
use testkit::Client;

use crate::browser::{me, me_refreshed, refresh, sign_in};
use crate::house::{House, PASSWORD, cheap, migrations};
use crate::jwt::{key_ids, kid_of, stored_keys};
use crate::kit::{App, enrol};

/// The keys of a purpose, oldest first.
async fn keys(house: &House, purpose: Purpose) -> Vec<KeyInfo> {
    let keys = house.accounts.list_keys().await.expect("lists");
    keys.into_iter().filter(|key| key.purpose == purpose).collect()
}

async fn in_use(house: &House, purpose: Purpose) -> Uuid {
    let keys = keys(house, purpose).await;
    let mut in_use = keys.iter().filter(|key| key.retires_at.is_none());
    let key = in_use.next().expect("a key in use");
    assert_eq!(in_use.next(), None, "there is one of each purpose");
    key.id
}

async fn rotate(house: &House, purpose: Purpose) -> Uuid {
    house.accounts.rotate_key(&Actor::operator(), purpose).await.expect("rotates")
}

/// Signs in by password and code.
async fn sign_in_with_code(house: &House, app: &App) {
    sign_in_with_code_in(&house.client(), house, app).await;
}

async fn sign_in_with_code_in(client: &Client, house: &House, app: &App) {
    assert_eq!(sign_in(client, "ada@example.org", PASSWORD).await.status, StatusCode::ACCEPTED);
    let answer = client.post("/api/auth/2fa/verify", &json!({ "code": app.code(house) })).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
}

testkit::on_both_databases! {
    migrations: migrations();

    // ASVS 11.2.2
    async fn a_rotation_signs_nobody_out(database) {
        let house = House::open(database).await;
        let client = house.member("ada").await;
        let node = house.node().await;
        let there = node.copy_of(&house.signed_in("ada").await);
        let old = kid_of(&client);
        assert_eq!(old, in_use(&house, Purpose::Signing).await.to_string());
        let new = rotate(&house, Purpose::Signing).await;
        assert_eq!(new, in_use(&house, Purpose::Signing).await);
        for browser in [&client, &there] {
            assert_eq!(me(browser).await.as_deref(), Some("ada"));
        }
        let (new, both) = (new.to_string(), BTreeSet::from([old.clone(), new.to_string()]));
        assert_eq!(key_ids(&client).await, both);
        refresh(&client).await;
        assert_eq!(kid_of(&client), new, "this node signs with the new key at once");

        house.clock.advance(TimeDelta::seconds(59));
        refresh(&there).await;
        assert_eq!(kid_of(&there), old, "the other one has not looked");
        assert_eq!(me(&house.copy_of(&there)).await.as_deref(), Some("ada"));
        house.clock.advance(TimeDelta::seconds(1));
        assert_eq!(key_ids(&there).await, both);
        assert_eq!(refresh(&there).await.status, StatusCode::OK);
        assert_eq!(kid_of(&there), new, "a minute later it has");
    }

    // ASVS 13.3.4
    async fn a_key_that_has_been_in_use_for_a_year_is_rotated_by_itself(database) {
        let house = House::open(database).await;
        let first = [in_use(&house, Purpose::Signing).await, in_use(&house, Purpose::Sealing).await];
        house.clock.advance(TimeDelta::days(364));
        let client = house.member("ada").await;
        let (app, _) = enrol(&house, &client).await;
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!(house.rows("keys").await, 2, "not a day too early");

        house.clock.advance(TimeDelta::days(1) + TimeDelta::hours(6));
        let node = house.another(&MailConfig::default()).await;
        let (one, other) = tokio::join!(house.accounts.clean_up(), node.clean_up());
        one.and(other).expect("both clean up");
        let second = [in_use(&house, Purpose::Signing).await, in_use(&house, Purpose::Sealing).await];
        assert!(second.iter().all(|key| !first.contains(key)));
        assert_eq!(house.rows("keys").await, 4, "once, although two nodes saw to it");
        let rotations = "SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'keys_rotate'";
        assert_eq!(house.number(rotations).await, 2);
        let sealed: Vec<_> = keys(&house, Purpose::Sealing).await.iter().map(|key| (key.id, key.secrets)).collect();
        assert_eq!(sealed, [(first[1], Some(0)), (second[1], Some(1))], "what was sealed is sealed anew");
        sign_in_with_code(&house, &app).await;
        assert_eq!(me_refreshed(&client).await.as_deref(), Some("ada"), "nobody is signed out");
    }

    async fn other_nodes_believe_a_new_key_at_once(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        house.clock.advance(TimeDelta::seconds(1));
        let new = rotate(&house, Purpose::Signing).await.to_string();
        refresh(&client).await;
        assert_eq!(kid_of(&client), new);
        assert_eq!(me(&node.copy_of(&client)).await.as_deref(), Some("ada"));
    }

    async fn a_clock_that_is_set_back_keeps_no_node_from_hearing_of_a_new_key(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        house.clock.advance(-TimeDelta::hours(1));
        let new = rotate(&house, Purpose::Signing).await.to_string();
        refresh(&client).await;
        assert_eq!(me(&node.copy_of(&client)).await.as_deref(), Some("ada"));
        let there = node.copy_of(&client);
        refresh(&there).await;
        assert_eq!(kid_of(&there), new);
    }

    // ASVS 11.2.2
    async fn a_former_key_verifies_for_a_day(database) {
        // Access tokens that last, to see what their key is worth.
        let config = Config { access_lifetime: Period::from_secs(48 * 3600), ..cheap() };
        let house = House::with(database, config, &MailConfig::default()).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        let (old, browsers) = (kid_of(&client), [house.copy_of(&client), node.copy_of(&client)]);
        let new = rotate(&house, Purpose::Signing).await.to_string();
        house.clock.advance(TimeDelta::hours(24) - TimeDelta::seconds(1));
        for browser in &browsers {
            assert_eq!(me(browser).await.as_deref(), Some("ada"));
            assert_eq!(key_ids(browser).await, BTreeSet::from([old.clone(), new.clone()]));
        }
        house.clock.advance(TimeDelta::seconds(1));
        for browser in &browsers {
            assert_eq!(me(browser).await, None);
            assert_eq!(key_ids(browser).await, BTreeSet::from([new.clone()]));
        }
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!(keys(&house, Purpose::Signing).await.len(), 1);
        assert_eq!(me_refreshed(&client).await.as_deref(), Some("ada"), "nobody was signed out");
        assert_eq!(kid_of(&client), new);
    }

    async fn a_key_in_use_is_not_retired(database) {
        let house = House::open(database).await;
        for purpose in [Purpose::Signing, Purpose::Sealing] {
            let refused = house.accounts.retire_key(&Actor::operator(), in_use(&house, purpose).await).await;
            assert!(matches!(refused, Err(AccountsError::KeyInUse)), "{refused:?}");
        }
        let unknown = house.accounts.retire_key(&Actor::operator(), Uuid::from_u128(7)).await;
        assert!(matches!(unknown, Err(AccountsError::KeyUnknown)), "{unknown:?}");
        assert_eq!(house.rows("keys").await, 2);
    }

    // When a key was stolen.
    // ASVS 9.1.3, 11.2.2
    async fn a_retired_key_is_worth_nothing_and_a_refresh_heals(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        let there = node.copy_of(&client);
        let old = in_use(&house, Purpose::Signing).await;
        rotate(&house, Purpose::Signing).await;
        assert_eq!(me(&client).await.as_deref(), Some("ada"));
        house.accounts.retire_key(&Actor::operator(), old).await.expect("retires");
        assert_eq!(me(&client).await, None);
        assert!(!key_ids(&client).await.contains(&old.to_string()));
        house.clock.advance(TimeDelta::seconds(60));
        assert_eq!(me(&there).await, None, "within a minute everywhere");
        assert_eq!(me_refreshed(&there).await.as_deref(), Some("ada"));
        assert_eq!(me(&house.copy_of(&there)).await.as_deref(), Some("ada"));
    }

    // ASVS 11.2.2
    async fn what_is_sealed_is_sealed_anew_and_codes_go_on_working(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        let (app, _) = enrol(&house, &client).await;
        let old = in_use(&house, Purpose::Sealing).await;
        house.clock.advance(TimeDelta::minutes(1));
        sign_in_with_code(&house, &app).await;

        let new = rotate(&house, Purpose::Sealing).await;
        let secrets = async || {
            let keys = keys(&house, Purpose::Sealing).await;
            keys.iter().map(|key| (key.id, key.secrets)).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(secrets().await, BTreeMap::from([(old, Some(1)), (new, Some(0))]));
        house.clock.advance(TimeDelta::minutes(1));
        sign_in_with_code(&house, &app).await;
        assert_eq!(house.accounts.seal_anew().await.expect("seals"), 1);
        assert_eq!(secrets().await, BTreeMap::from([(old, Some(0)), (new, Some(1))]));
        assert_eq!(node.accounts.seal_anew().await.expect("seals"), 0, "both nodes mean the same key");
        house.accounts.retire_key(&Actor::operator(), old).await.expect("retires");
        assert_eq!(secrets().await, BTreeMap::from([(new, Some(1))]));
        house.clock.advance(TimeDelta::minutes(1));
        sign_in_with_code(&house, &app).await;
    }

    async fn a_new_sealing_key_is_used_even_when_the_clock_was_set_back(database) {
        let house = House::open(database).await;
        let (app, _) = enrol(&house, &house.member("ada").await).await;
        let old = in_use(&house, Purpose::Sealing).await;
        house.clock.advance(-TimeDelta::hours(1));
        rotate(&house, Purpose::Sealing).await;
        house.accounts.retire_key(&Actor::operator(), old).await.expect("retires");
        house.clock.advance(TimeDelta::hours(1) + TimeDelta::minutes(1));
        sign_in_with_code(&house, &app).await;
    }

    async fn retiring_a_sealing_key_seals_anew_first(database) {
        let house = House::open(database).await;
        let (app, _) = enrol(&house, &house.member("ada").await).await;
        let old = in_use(&house, Purpose::Sealing).await;
        rotate(&house, Purpose::Sealing).await;
        house.accounts.retire_key(&Actor::operator(), old).await.expect("retires");
        house.clock.advance(TimeDelta::minutes(1));
        sign_in_with_code(&house, &app).await;
    }

    async fn a_seed_that_cannot_be_opened_holds_up_no_other(database) {
        let house = House::open(database).await;
        let (broken, healthy) = (house.member("ada").await, house.member("grace").await);
        enrol(&house, &broken).await;
        enrol(&house, &healthy).await;
        house.execute("UPDATE totp_credentials SET seed = (SELECT sealed FROM keys WHERE purpose = 'signing') WHERE user_id = (SELECT id FROM users WHERE username = 'ada')").await;
        let old = in_use(&house, Purpose::Sealing).await;
        rotate(&house, Purpose::Sealing).await;
        assert_eq!(house.accounts.seal_anew().await.expect("seals"), 1);
        house.accounts.clean_up().await.expect("goes on");
        let refused = house.accounts.retire_key(&Actor::operator(), old).await.err();
        assert!(matches!(refused, Some(AccountsError::KeyInUse)), "{refused:?}");
    }

    async fn a_node_that_has_not_heard_of_a_sealing_key_opens_what_it_sealed(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        let (app, _) = enrol(&house, &client).await;
        rotate(&house, Purpose::Sealing).await;
        assert_eq!(house.accounts.seal_anew().await.expect("seals"), 1);
        house.clock.advance(TimeDelta::seconds(30));
        sign_in_with_code_in(&node.copy_of(&house.client()), &house, &app).await;
    }

    // A node hears of a rotation within a minute, which is too late for a secret.
    async fn no_node_seals_with_a_key_that_another_has_retired(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        let there = node.copy_of(&client);
        let old = in_use(&house, Purpose::Sealing).await;
        rotate(&house, Purpose::Sealing).await;
        house.accounts.retire_key(&Actor::operator(), old).await.expect("retires");
        let (app, _) = enrol(&house, &there).await;
        house.clock.advance(TimeDelta::minutes(1));
        sign_in_with_code(&house, &app).await;
    }

    async fn nodes_that_rotate_at_once_leave_one_key_in_use(database) {
        let house = House::open(database).await;
        let (client, node) = (house.member("ada").await, house.node().await);
        let rotate = |accounts: accounts::Accounts| async move { accounts.rotate_key(&Actor::operator(), Purpose::Signing).await };
        let (one, other) = tokio::join!(rotate(house.accounts.clone()), rotate(node.accounts.clone()));
        one.and(other).expect("both rotate");
        in_use(&house, Purpose::Signing).await;
        house.clock.advance(TimeDelta::seconds(60));
        for browser in [house.copy_of(&client), node.copy_of(&client)] {
            assert_eq!(me(&browser).await.as_deref(), Some("ada"));
            assert_eq!(key_ids(&browser).await.len(), 3);
        }
    }

    async fn nodes_that_start_at_once_make_one_key_of_each_purpose(database) {
        let house = House::open(database).await;
        house.execute("DELETE FROM keys").await;
        let mail = MailConfig::default();
        tokio::join!(house.another(&mail), house.another(&mail), house.another(&mail));
        assert_eq!(house.rows("keys").await, 2);
    }

    // ASVS 11.3.3
    async fn another_root_key_opens_nothing_and_says_so(database) {
        let house = House::open(database).await;
        let refused = house.another_with_root_key([8; 32]).await.err().expect("refused");
        assert!(matches!(refused, AccountsError::Sealed), "{refused:?}");
        assert!(refused.to_string().contains("root key"), "{refused}");
        assert_eq!(house.rows("keys").await, 2, "and makes no new keys");
        assert!(house.another_with_root_key(crate::house::ROOT_KEY).await.is_ok());
    }

    // ASVS 11.3.3
    async fn a_key_in_another_s_place_is_noticed(database) {
        let house = House::open(database).await;
        house.execute("UPDATE keys SET sealed = (SELECT sealed FROM keys WHERE purpose = 'sealing') WHERE purpose = 'signing'").await;
        let refused = house.another_with_root_key(crate::house::ROOT_KEY).await.err();
        assert!(matches!(refused, Some(AccountsError::Sealed)), "{refused:?}");
    }

    // ASVS 11.3.3
    async fn no_key_is_in_the_database_as_it_is(database) {
        let house = House::open(database).await;
        rotate(&house, Purpose::Signing).await;
        let stored = stored_keys(&house).await;
        assert_eq!(stored.len(), 3);
        for key in stored {
            assert_eq!(key.sealed.len(), 12 + 32 + 16, "nonce, key and tag");
            let Some(public) = key.public else { continue };
            for window in key.sealed.windows(32) {
                let pair = Ed25519KeyPair::from_seed_unchecked(window).expect("a seed");
                assert_ne!(pair.public_key().as_ref(), public, "a private key can be read");
            }
        }
        for secret in keys(&house, Purpose::Sealing).await {
            assert!(!format!("{secret:?}").contains("sealed"), "{secret:?}");
        }
    }
}
