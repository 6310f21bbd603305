//! Sick clusters, as a client meets them.

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use weir_kafka::sasl::Credentials;
use weir_kafka::{BrokerId, Client, ClientOptions, OffsetSpec, Sasl, TopicPartitions};
use weir_sim::script::{Effect, Fault};
use weir_sim::{NEWEST, Script, Sim, Size, Story, World, company};
use weir_testkit::eventually_async;
use weir_types::{Clock, Secret, SystemClock};

use crate::reads;
use crate::stage::{PATIENCE, Stage, block_on};

pub fn dies_and_returns() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::BrokerDies).await?;
        let port = stage.sim.bootstrap()[4];
        let mut connected = TcpStream::connect(port).await?;
        stage.turn_to(90);
        eventually_async(PATIENCE, "a port that refuses", async || {
            let refused = std::io::ErrorKind::ConnectionRefused;
            let connected = TcpStream::connect(port).await;
            ensure!(
                connected.as_ref().is_err_and(|error| error.kind() == refused),
                "{connected:?}"
            );
            Ok(())
        })
        .await?;
        let cut = tokio::time::timeout(Duration::from_secs(5), connected.read(&mut [0; 1])).await?;
        ensure!(!matches!(cut, Ok(1..)), "the open connection is cut");

        let client = stage.client()?;
        let metadata = client.metadata().await?;
        ensure!(metadata.brokers.len() == 5 && metadata.broker(BrokerId(5)).is_none());
        ensure!(reads::groups(&client).await?.len() == 19, "groups move to other coordinators");

        stage.turn_to(300);
        let connect = async || Ok(TcpStream::connect(port).await?);
        eventually_async(PATIENCE, "a port that accepts again", connect).await?;
        ensure!(client.metadata().await?.brokers.len() == 6);
        stage.sim.stop().await;
        ensure!(TcpStream::connect(port).await.is_err());
        Ok(())
    })
}

pub fn slow() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::SlowBroker).await?;
        let client = stage.client()?;
        client.metadata().await?;
        client.list_groups().await?;
        stage.turn_to(90);
        for broker in client.list_groups().await? {
            ensure!(broker.groups.is_ok());
            let is_slow = broker.latency >= Duration::from_millis(500);
            ensure!(is_slow == (broker.broker == BrokerId(3)), "{broker:?}");
        }
        Ok(())
    })
}

pub fn hangs() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::HangingBroker).await?;
        let client = stage.client()?;
        client.metadata().await?;
        stage.turn_to(90);
        for broker in client.list_groups().await? {
            ensure!(broker.groups.is_err() == (broker.broker == BrokerId(3)), "{broker:?}");
        }
        Ok(())
    })
}

pub fn babbles() -> Result<()> {
    let faults = [
        Fault::Truncated,
        Fault::Oversized,
        Fault::Garbage,
        Fault::HungUp,
        Fault::WrongCorrelation,
        Fault::HalfClosed,
        Fault::WrongVersion,
    ];
    block_on(async {
        for fault in faults {
            let script = Script::default()
                .with_lasting(Duration::ZERO, Effect::BrokerBabbles { broker: 2, fault });
            let clock = std::sync::Arc::new(SystemClock);
            let world = World::new(company::plan(Size::Small), &script, 1, clock.now());
            let sim = Sim::serve(world, clock, NEWEST).await?;
            let first = sim.bootstrap()[0];
            let address = weir_kafka::BrokerAddress::new(first.ip().to_string(), first.port());
            let client = Client::new(ClientOptions::new(vec![address]))?;
            client.metadata().await?;
            let started = Instant::now();
            for broker in client.list_groups().await? {
                let failed = broker.groups.is_err();
                ensure!(failed == (broker.broker == BrokerId(2)), "{fault:?}: {broker:?}");
            }
            ensure!(started.elapsed() < Duration::from_secs(10), "{fault:?}");
            sim.stop().await;
        }
        Ok(())
    })
}

pub fn garbage() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::Healthy).await?;
        let mut well = TcpStream::connect(stage.sim.bootstrap()[0]).await?;
        let stories: [&[u8]; 4] = [
            b"GET / HTTP/1.1\r\nHost: kafka\r\n\r\n",
            &[0x16, 0x03, 0x01, 0x02, 0x00, 0x01],
            &[0, 0, 0, 8, 0, 3, 0, 12, 0, 0, 0, 1],
            &[0x7f, 0xff, 0xff, 0xff],
        ];
        for bytes in stories {
            let mut stream = TcpStream::connect(stage.sim.bootstrap()[0]).await?;
            stream.write_all(bytes).await?;
            let mut answer = [0; 64];
            let read = stream.read(&mut answer);
            let ended = tokio::time::timeout(Duration::from_secs(5), read).await?;
            ensure!(!matches!(ended, Ok(1..)), "{bytes:?} got an answer");
        }
        // ApiVersions 0 with correlation id 9 and no client id.
        well.write_all(&[0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 9, 0xff, 0xff]).await?;
        let mut head = [0; 8];
        well.read_exact(&mut head).await?;
        ensure!(head[4..] == [0, 0, 0, 9]);
        Ok(())
    })
}

pub fn denied() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::GroupsDenied).await?;
        stage.turn_to(90);
        let client = stage.client()?;
        let groups = reads::groups(&client).await?;
        let commits = client.fetch_offsets(&groups).await;
        ensure!(!commits.is_empty());
        ensure!(
            commits
                .iter()
                .all(|group| group.offsets.as_ref().is_err_and(|error| error.is_denied()))
        );

        let stage = Stage::of(Story::TopicsDenied).await?;
        stage.turn_to(90);
        let client = stage.client()?;
        ensure!(client.metadata().await?.topic("payments.settled").is_none());
        let asked = [TopicPartitions { topic: "payments.settled".into(), partitions: vec![0] }];
        let refused = client.list_offsets(OffsetSpec::Latest, &asked).await;
        ensure!(refused[0].partitions[0].offset.is_err());
        Ok(())
    })
}

/// A listener without SASL announces the handshake and refuses it.
pub fn sasl_on_plaintext() -> Result<()> {
    block_on(async {
        let stage = Stage::of(Story::Healthy).await?;
        let mut options = ClientOptions::new(stage.addresses());
        let (username, password) = ("weir".to_owned(), Secret::new("hush"));
        options.sasl = Some(Sasl::Plain(Credentials { username, password }));
        let Err(error) = Client::new(options)?.metadata().await else { bail!("it was let in") };
        let said = error.to_string();
        ensure!(said.contains("the listener takes no SASL"), "{said}");
        ensure!(said.contains("remove `sasl`"), "{said}");
        Ok(())
    })
}
