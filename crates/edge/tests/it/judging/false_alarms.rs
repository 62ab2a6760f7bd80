//! How often a healthy release is rolled back: all detectors together, a canary of 10 % over ten minutes.
//!
//! Less than 0.1 % is shown by no alarm in 3,000 runs, or one in 4,742: the exact bound at 95 % confidence.

use super::chance::shows_less_than;
use super::traffic::{Errors, Scene, Traffic, found};

const TEN_MINUTES: u64 = 600;

fn alarms(scene: Scene, runs: u32) -> u32 {
    let traffic = Traffic::of(&scene);
    let alarm = |seed: &u32| {
        let found = found(&traffic, u64::from(*seed), TEN_MINUTES);
        if let Some((second, finding)) = &found {
            println!("seed {seed} after {second} s: {finding}");
        }
        found.is_some()
    };
    u32::try_from((0..runs).filter(alarm).count()).unwrap()
}

fn are_rare(scene: Scene) {
    let started = std::time::Instant::now();
    let runs = 3000;
    let alarms = alarms(scene, runs);
    println!(
        "rate {} errors {}: {alarms} alarms of {runs}, {:?}",
        scene.rate,
        scene.candidate.errors,
        started.elapsed()
    );
    assert!(shows_less_than(0.001, alarms, runs), "{alarms} alarms in {runs} runs");
}

#[test]
fn at_5_requests_a_second() {
    are_rare(Scene::healthy(5.0, 0.005));
    are_rare(Scene::healthy(5.0, 0.01));
}

#[test]
fn at_50_requests_a_second() {
    are_rare(Scene::healthy(50.0, 0.005));
    are_rare(Scene::healthy(50.0, 0.01));
}

#[test]
fn at_500_requests_a_second() {
    are_rare(Scene::healthy(500.0, 0.005));
    are_rare(Scene::healthy(500.0, 0.01));
}

#[test]
fn clustered() {
    for errors in [Errors::FourOfOne, Errors::FourOfFour] {
        for rate in [5.0, 50.0, 500.0] {
            let scene = Scene { errors, ..Scene::healthy(rate, 0.01) };
            let runs = 3000;
            println!("{} {rate}: {} of {runs}", errors == Errors::FourOfOne, alarms(scene, runs));
        }
    }
}
