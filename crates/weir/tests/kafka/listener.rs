//! Small servers that a source may be pointed at by mistake, or on purpose: an HTTP server, an
//! identity provider, a broker that advertises an address nobody can use.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;

const PATIENCE: Duration = Duration::from_secs(5);
/// What [`identity_provider`] gives a token for: `weir:hunter2` in base64.
const KNOWN_CLIENT: &str = "authorization: basic d2vpcjpodw50zxiy";

/// Answers every connection by `talk`, until the process ends.
fn listen(talk: fn(&mut TcpStream) -> Result<()>) -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut stream = stream;
                let _ = stream.set_read_timeout(Some(PATIENCE));
                // A client that hangs up has said enough.
                let _ = talk(&mut stream);
            });
        }
    });
    Ok(address)
}

/// Takes whatever it hears for a bad request.
pub fn http_server() -> Result<SocketAddr> {
    listen(|stream| {
        let mut heard = [0; 512];
        let _ = stream.read(&mut heard)?;
        answer(stream, "400 Bad Request", "<html>what?</html>")
    })
}

/// Gives the client `weir` with the secret `hunter2` an unsigned token, which the test brokers take.
pub fn identity_provider() -> Result<SocketAddr> {
    listen(|stream| {
        let mut heard = [0; 4096];
        let length = stream.read(&mut heard)?;
        let request = String::from_utf8_lossy(&heard[..length]).to_ascii_lowercase();
        if !request.contains(KNOWN_CLIENT) {
            return answer(stream, "401 Unauthorized", r#"{"error":"invalid_client"}"#);
        }
        let token = format!(r#"{{"access_token":"{}","expires_in":60}}"#, unsigned_token()?);
        answer(stream, "200 OK", &token)
    })
}

fn answer(stream: &mut TcpStream, status: &str, body: &str) -> Result<()> {
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}", body.len());
    Ok(stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes())?)
}

fn unsigned_token() -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let claims = format!(r#"{{"sub":"weir","iat":{},"exp":{}}}"#, now - 120, now + 600);
    Ok(format!("{}.{}.", base64_url(br#"{"alg":"none"}"#), base64_url(claims.as_bytes())))
}

fn base64_url(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            text.push(char::from(ALPHABET[(bits >> (18 - 6 * place)) as usize & 63]));
        }
    }
    text
}

/// Speaks just enough of Kafka's protocol to send everybody to 127.0.0.1:1: ApiVersions version 3
/// and Metadata version 4 (<https://kafka.apache.org/protocol>).
pub fn misadvertising_broker() -> Result<SocketAddr> {
    const METADATA: [u8; 2] = [0, 3];
    listen(|stream| {
        loop {
            let mut length = [0; 4];
            stream.read_exact(&mut length)?;
            let mut request = vec![0; u32::from_be_bytes(length) as usize];
            stream.read_exact(&mut request)?;
            let body = if request[..2] == METADATA { metadata() } else { api_versions() };
            let frame = [&request[4..8], &body].concat();
            stream.write_all(&(frame.len() as u32).to_be_bytes())?;
            stream.write_all(&frame)?;
        }
    })
}

fn api_versions() -> Vec<u8> {
    let mut body = vec![0, 0]; // no error
    body.push(3); // two entries
    for (key, lowest, highest) in [(3i16, 0i16, 4i16), (18, 0, 3)] {
        body.extend([key, lowest, highest].iter().flat_map(|number| number.to_be_bytes()));
        body.push(0); // no tagged fields
    }
    body.extend([0, 0, 0, 0, 0]); // no throttling, no tagged fields
    body
}

fn metadata() -> Vec<u8> {
    let mut body = vec![0, 0, 0, 0]; // no throttling
    body.extend([0, 0, 0, 1, 0, 0, 0, 7]); // one broker, of id 7
    body.extend([0, 9]);
    body.extend(b"127.0.0.1");
    body.extend([0, 0, 0, 1]); // port 1
    body.extend([255, 255, 255, 255]); // neither rack nor cluster id
    body.extend([0, 0, 0, 7]); // the controller
    body.extend([0, 0, 0, 0]); // no topics
    body
}
