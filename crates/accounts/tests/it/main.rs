//! The entrance from outside: real requests on both databases.

mod administrator;
mod bad_input;
mod crossing;
mod house;
mod housekeeping;
mod outbox;
mod passwords;
mod resend;
mod secrets;
mod sessions;
mod sign_in;
mod sign_up;
mod smtp;
mod together;
mod verification;
