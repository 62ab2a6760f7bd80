//! Whether a release does worse than it may: sequential tests, looked at each second. Pure.
