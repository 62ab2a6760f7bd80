//! What is thrown away in time.

use chrono::TimeDelta;
use reqwest::StatusCode;

use crate::browser::{me_refreshed, wish};
use crate::house::{House, PASSWORD, migrations};

testkit::on_both_databases! {
    migrations: migrations();

    async fn an_abandoned_sign_up_is_forgotten_and_its_name_is_free(database) {
        let house = House::open(database).await;
        house.sign_up("ada").await;
        house.sign_up_and_verify("grace").await;
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!(house.rows("users").await, 2);
        house.clock.advance(TimeDelta::hours(24));
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!(house.rows("users").await, 1);
        let places = "SELECT COUNT(*) AS n FROM audit_logs WHERE action = 'sign_up' AND ip_address IS NOT NULL";
        assert_eq!(house.number(places).await, 1, "where grace was, not ada");
        let take = async |name| {
            house.client().post("/api/auth/signup", &wish("new@example.org", name, PASSWORD)).await.status
        };
        assert_eq!((take("ada").await, take("grace").await), (StatusCode::ACCEPTED, StatusCode::CONFLICT));
        assert!(house.accepts("grace@example.org", PASSWORD).await);
    }

    async fn expired_sessions_are_deleted_and_living_ones_are_not(database) {
        let house = House::open(database).await;
        house.member("ada").await;
        house.clock.advance(TimeDelta::days(24));
        let grace = house.member("grace").await;
        house.clock.advance(TimeDelta::days(6) - TimeDelta::seconds(1));
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!((house.rows("sessions").await, house.rows("refresh_tokens").await), (2, 1));
        house.clock.advance(TimeDelta::seconds(1));
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!((house.rows("sessions").await, house.rows("refresh_tokens").await), (1, 1));
        assert_eq!(me_refreshed(&grace).await.as_deref(), Some("grace"));
    }

    async fn a_used_setup_link_and_old_development_mail_go_as_well(database) {
        let house = House::open(database).await;
        house.sign_up_and_verify("ada").await;
        house.clock.advance(TimeDelta::days(40));
        house.accounts.clean_up().await.expect("cleans up");
        assert_eq!((house.rows("one_time_links").await, house.rows("outgoing_mails").await), (0, 0));
        assert_eq!(house.rows("users").await, 1);
    }
}
