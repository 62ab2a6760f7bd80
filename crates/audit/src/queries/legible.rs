//! Reading rows whoever wrote them: one that cannot be read is told of, and keeps no other from being read.

use foundation::{Timestamp, Uuid};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{
    ConnectionTrait, DbErr, FromQueryResult, Iterable, QueryResult, QuerySelect as _, QueryTrait as _, Select,
};

use crate::entities::entries::{Column, Entity, Model};

/// An entry that is none: somebody has put something into it that is never written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Illegible {
    pub(crate) id: Option<Uuid>,
    pub(crate) sequence: Option<i64>,
}

pub(crate) type Read = Result<Model, Illegible>;

/// The entries that a query finds, each by itself.
pub(crate) async fn entries(db: &impl ConnectionTrait, query: Select<Entity>) -> Result<Vec<Read>, DbErr> {
    let columns = Column::iter().filter(|column| !matches!(column, Column::CreatedAt));
    let query = query.select_only().columns(columns).column_as(moment(Column::CreatedAt), Column::CreatedAt);
    let rows = db.query_all(query.as_query()).await?;
    Ok(rows.iter().map(read).collect())
}

fn read(row: &QueryResult) -> Read {
    Model::from_query_result(row, "").map_err(|_| Illegible {
        id: row.try_get("", "id").ok(),
        sequence: row.try_get("", "sequence").ok().flatten(),
    })
}

/// A moment; nothing where there is none that a clock shows, such as the `infinity` of PostgreSQL.
pub(crate) fn moment(column: impl ColumnTrait) -> Expr {
    let shown = column.between(Timestamp::UNIX_EPOCH, LATEST);
    CaseStatement::new().case(shown, Expr::col(column)).into()
}

/// The year 9999. Texts of times sort like the times until then.
const LATEST: Timestamp = Timestamp::from_timestamp(253_402_300_799, 0).expect("a time");
