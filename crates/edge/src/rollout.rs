//! A release on its way from no visitor to all of them: steps, holds, and what ends it. Pure.
