//! The judge and the rollout from outside, on traffic that seeds make.

mod chance;
mod detection;
mod disturbances;
mod false_alarms;
mod promotion;
mod properties;
mod traffic;
