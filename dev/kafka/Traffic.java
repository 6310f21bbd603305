import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A little lively traffic for a local cluster, until killed:
 *
 * <pre>java -cp "$LIBS/*" Traffic.java --bootstrap host:port</pre>
 *
 * <p>orders-enricher keeps up, payments-ledger falls behind steadily, fraud-scoring speaks the new
 * group protocol (KIP-848), nightly-report has commits but no members.
 */
public class Traffic {
  private static final String ORDERS = "orders.created";
  private static final String PAYMENTS = "payments.authorized";
  private static final String AUDIT = "audit.log";

  public static void main(String[] args) throws Exception {
    if (args.length != 2 || !args[0].equals("--bootstrap")) {
      System.err.println("usage: java -cp \"$LIBS/*\" Traffic.java --bootstrap host:port[,host:port]");
      System.exit(2);
    }
    String bootstrap = args[1];
    prepare(bootstrap);

    List<Thread> threads = new ArrayList<>();
    threads.add(start("produce " + ORDERS, () -> produce(bootstrap, ORDERS, 40)));
    threads.add(start("produce " + PAYMENTS, () -> produce(bootstrap, PAYMENTS, 15)));
    threads.add(start("produce " + AUDIT, () -> produce(bootstrap, AUDIT, 2)));
    for (int member = 1; member <= 2; member++) {
      String clientId = "enricher-" + member;
      threads.add(start(clientId,
          () -> consume(bootstrap, "orders-enricher", clientId, "classic", 1_000, ORDERS)));
    }
    threads.add(start("ledger",
        () -> consume(bootstrap, "payments-ledger", "ledger", "classic", 10, PAYMENTS)));
    threads.add(start("fraud",
        () -> consume(bootstrap, "fraud-scoring", "fraud", "consumer", 1_000, PAYMENTS, ORDERS)));

    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(threads)));
    System.err.println("traffic: running against " + bootstrap);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Topics whose size stays small, and a group that committed once and never came back. */
  private static void prepare(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      createTopic(admin, ORDERS, 6);
      createTopic(admin, PAYMENTS, 3);
      createTopic(admin, AUDIT, 1);
      commit(admin, "nightly-report", new TopicPartition(AUDIT, 0), 0);
    }
  }

  /** The group's coordinator may hear of a new topic a moment after its creation is acknowledged. */
  private static void commit(Admin admin, String group, TopicPartition partition, long offset)
      throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        Map.of(partition, new OffsetAndMetadata(offset));
    long deadline = System.currentTimeMillis() + 60_000;
    while (true) {
      try {
        admin.alterConsumerGroupOffsets(group, offsets).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException)
            || System.currentTimeMillis() > deadline) {
          throw e;
        }
        pause(200);
      }
    }
  }

  private static void createTopic(Admin admin, String name, int partitions) throws Exception {
    NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty())
        .configs(Map.of("retention.bytes", "8388608", "segment.bytes", "1048576"));
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  /** About `perSecond` messages a second, swinging by half over two minutes, with short bursts. */
  private static void produce(String bootstrap, String topic, double perSecond) {
    Properties config = new Properties();
    config.put("bootstrap.servers", bootstrap);
    config.put("client.id", "traffic-" + topic);
    config.put("linger.ms", "50");
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      double owed = 0;
      for (long number = 0; !Thread.interrupted(); ) {
        double swing = 1 + 0.5 * Math.sin(System.currentTimeMillis() / 120_000.0 * 2 * Math.PI);
        double burst = ThreadLocalRandom.current().nextInt(100) == 0 ? 20 : 1;
        for (owed += perSecond * swing * burst / 10; owed >= 1; owed--) {
          String key = "customer-" + ThreadLocalRandom.current().nextInt(500);
          producer.send(new ProducerRecord<>(topic, key, "{\"number\":" + number++ + "}"));
        }
        pause(100);
      }
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes at most `perSecond` messages a second and commits what it took. */
  private static void consume(
      String bootstrap, String group, String clientId, String protocol, int perSecond,
      String... topics) {
    Properties config = new Properties();
    config.put("bootstrap.servers", bootstrap);
    config.put("group.id", group);
    config.put("client.id", clientId);
    config.put("group.protocol", protocol);
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", "false");
    config.put("max.poll.records", String.valueOf(perSecond));
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topics));
      while (!Thread.interrupted()) {
        if (!consumer.poll(Duration.ofMillis(500)).isEmpty()) {
          consumer.commitSync();
        }
        pause(1_000);
      }
    } catch (InterruptException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A client that Kafka refuses, say while its group moves to another broker, starts anew. */
  private static Thread start(String name, Runnable client) {
    Thread thread = new Thread(() -> {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          client.run();
        } catch (KafkaException e) {
          System.err.println("traffic: " + name + " starts anew: " + e);
          pause(1_000);
        }
      }
    }, name);
    // Half a traffic would look like a quiet cluster.
    thread.setUncaughtExceptionHandler((of, e) -> {
      System.err.println("traffic: " + name + " failed: " + e);
      Runtime.getRuntime().halt(1);
    });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Lets consumers leave their groups, so that a restart does not wait for their sessions. */
  private static void stop(List<Thread> threads) {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join(2_000);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
