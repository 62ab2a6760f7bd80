-- Some of the rows of Chinook, so that the text stays small. The tables stay as they are.
DELETE FROM PlaylistTrack WHERE TrackId > 500;
DELETE FROM InvoiceLine WHERE TrackId > 500;
DELETE FROM Invoice WHERE InvoiceId NOT IN (SELECT InvoiceId FROM InvoiceLine);
DELETE FROM Track WHERE TrackId > 500;
DELETE FROM Album WHERE AlbumId NOT IN (SELECT AlbumId FROM Track);
VACUUM;
