//! Reads HTTP/1.1 as strictly as it can be read: what one reader takes for a request, another must not take for two.

/// A request as a strict target reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Received {
    /// Method, target and version.
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// What comes behind the last whole request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    Nothing,
    /// A request that has begun as it should.
    Begun,
    /// What no target should get.
    Nonsense(String),
}

/// All whole requests, and what comes behind them.
pub(crate) fn requests(mut bytes: &[u8]) -> (Vec<Received>, Rest) {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        match request(bytes) {
            Ok(Some((request, rest))) => {
                found.push(request);
                bytes = rest;
            }
            Ok(None) => return (found, Rest::Begun),
            Err(words) => return (found, Rest::Nonsense(words)),
        }
    }
    (found, Rest::Nothing)
}

/// What has been read, and what is behind it; none while it is not whole.
type Read<'b, T> = Result<Option<(T, &'b [u8])>, String>;

fn request(bytes: &[u8]) -> Read<'_, Received> {
    let Some((head, rest)) = split(bytes, b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(head).map_err(|error| error.to_string())?;
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default().to_owned();
    let parts: Vec<_> = line.split(' ').collect();
    let is_line =
        parts.len() == 3 && parts[2] == "HTTP/1.1" && (parts[1].starts_with('/') || parts[1] == "*");
    if !is_line || !line.chars().all(|c| c.is_ascii_graphic() || c == ' ') {
        return Err(format!("no request: {line:?}"));
    }
    let headers = lines.map(header).collect::<Result<Vec<_>, _>>()?;
    let all = |name: &str| headers.iter().filter(|(other, _)| other == name).collect::<Vec<_>>();
    if all("host").len() != 1 {
        return Err(format!("not one host: {head:?}"));
    }
    let read = match (all("content-length").as_slice(), all("transfer-encoding").as_slice()) {
        ([], []) => Some((String::new(), rest)),
        ([(_, length)], []) => sized(length, rest)?,
        ([], [(_, coding)]) if coding == "chunked" => chunked(rest)?,
        _ => return Err(format!("two lengths: {head:?}")),
    };
    Ok(read.map(|(body, rest)| (Received { line, headers, body }, rest)))
}

fn header(line: &str) -> Result<(String, String), String> {
    let wrong = || format!("no header: {line:?}");
    let (name, value) = line.split_once(':').ok_or_else(wrong)?;
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let is_value = |c: char| c == '\t' || !c.is_control();
    if name.is_empty() || !name.chars().all(is_token) || !value.chars().all(is_value) {
        return Err(wrong());
    }
    Ok((name.to_ascii_lowercase(), value.trim().to_owned()))
}

fn sized<'b>(length: &str, rest: &'b [u8]) -> Read<'b, String> {
    let is_number = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    let length: usize = length.parse().ok().filter(|_| is_number).ok_or(format!("no length: {length:?}"))?;
    Ok(rest.split_at_checked(length).map(|(body, rest)| (String::from_utf8_lossy(body).into_owned(), rest)))
}

fn chunked(mut rest: &[u8]) -> Read<'_, String> {
    let mut body = Vec::new();
    loop {
        let Some((size, behind)) = split(rest, b"\r\n") else { return Ok(None) };
        let size =
            std::str::from_utf8(size).ok().filter(|size| size.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let size = size.and_then(|size| usize::from_str_radix(size, 16).ok()).ok_or("no size of a chunk")?;
        let Some((chunk, behind)) = behind.split_at_checked(size) else { return Ok(None) };
        body.extend_from_slice(chunk);
        match behind.split_at_checked(2) {
            None => return Ok(None),
            Some((b"\r\n", behind)) => rest = behind,
            Some(_) if size == 0 => return Err("fields behind the body".to_owned()),
            Some(_) => return Err("a chunk is longer than it says".to_owned()),
        }
        if size == 0 {
            return Ok(Some((String::from_utf8_lossy(&body).into_owned(), rest)));
        }
    }
}

fn split<'b>(bytes: &'b [u8], at: &[u8]) -> Option<(&'b [u8], &'b [u8])> {
    let place = bytes.windows(at.len()).position(|window| window == at)?;
    Some((&bytes[..place], &bytes[place + at.len()..]))
}
