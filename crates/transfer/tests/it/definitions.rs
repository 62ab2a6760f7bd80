//! What arrives means what it meant: the same rows are refused, the same number comes next, the same is found.

mod expressions;
mod foreign_keys;
mod keys;
mod names;
mod views;
