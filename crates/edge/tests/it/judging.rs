//! The judge and the rollout from outside, on traffic that seeds make.

mod chance;
mod false_alarms;
mod traffic;
