import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.IntUnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Fills a cluster to a size: topics `NAME-N` with two messages a partition, groups `NAME-group-N`
 * whose commits are written straight by OffsetCommit, one message behind on every partition of one
 * topic.
 *
 * <pre>java -cp "$LIBS/*" Fill.java --bootstrap host:port --name fill --topics 1450 --partitions 8
 *     --groups 1950 [--live 50]
 * java -cp "$LIBS/*" Fill.java … --churn-percent 5 --churn-every-ms 2000</pre>
 *
 * <p>Prints `filled` when the size is reached and ends there. With `--live` it goes on with so many
 * more topics and groups `NAME-live-N`, each with one consumer, every second one of the new protocol
 * (KIP-848). With `--churn-percent` it takes a cluster filled before, replaces that share of its
 * topics and groups by new ones again and again, and prints a line each time.
 */
public class Fill {
  /** What one admin request carries at most. */
  private static final int BATCH = 100;

  private final Map<String, String> args;
  private final Admin admin;
  private final String name;
  private final int partitions;

  private Fill(Map<String, String> args) {
    this.args = args;
    this.admin = Admin.create(Map.of("bootstrap.servers", args.get("bootstrap"),
        "default.api.timeout.ms", "300000", "request.timeout.ms", "120000"));
    this.name = args.get("name");
    this.partitions = number("partitions", 1);
  }

  public static void main(String[] words) throws Exception {
    Map<String, String> args = new HashMap<>();
    for (int at = 0; at + 1 < words.length; at += 2) {
      args.put(words[at].replaceFirst("^--", ""), words[at + 1]);
    }
    if (!args.keySet().containsAll(List.of("bootstrap", "name", "topics", "partitions", "groups"))) {
      System.err.println("usage: see the head of Fill.java");
      System.exit(2);
    }
    new Fill(args).run();
  }

  private void run() throws Exception {
    int topics = number("topics", 0);
    int groups = number("groups", 0);
    int percent = number("churn-percent", 0);
    if (percent > 0) {
      churn(topics, groups, percent);
    }
    make("", 0, topics);
    commit(0, groups, group -> (int) ((long) group * topics / groups));
    int live = number("live", 0);
    make("live-", 0, live);
    for (int member = 0; member < live; member++) {
      join(member);
    }
    System.out.println("filled");
    if (live > 0) {
      Thread.currentThread().join();
    }
    admin.close();
  }

  private void churn(int topics, int groups, int percent) throws Exception {
    int newTopics = Math.max(1, topics * percent / 100);
    int newGroups = Math.max(1, groups * percent / 100);
    int firstTopic = 0;
    int firstGroup = 0;
    while (true) {
      long began = System.currentTimeMillis();
      forget(names("group-", firstGroup, firstGroup + newGroups));
      admin.deleteTopics(names("", firstTopic, firstTopic + newTopics)).all().get();
      firstTopic += newTopics;
      firstGroup += newGroups;
      make("", firstTopic + topics - newTopics, firstTopic + topics);
      int from = firstGroup;
      int oldest = firstTopic;
      commit(firstGroup + groups - newGroups, firstGroup + groups,
          group -> oldest + (int) ((long) (group - from) * topics / groups));
      long took = System.currentTimeMillis() - began;
      System.out.println("churned " + newTopics + " topics, " + newGroups + " groups in " + took + " ms");
      Thread.sleep(Math.max(0, number("churn-every-ms", 2_000) - took));
    }
  }

  /** Groups whose topic went before them are gone already. */
  private void forget(List<String> groups) throws Exception {
    for (KafkaFuture<Void> deleted : admin.deleteConsumerGroups(groups).deletedGroups().values()) {
      try {
        deleted.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof GroupIdNotFoundException)) {
          throw e;
        }
      }
    }
  }

  /** Topics with two messages in each partition. */
  private void make(String kind, int from, int to) throws Exception {
    for (int at = from; at < to; at += BATCH) {
      List<NewTopic> batch = new ArrayList<>();
      for (String name : names(kind, at, Math.min(at + BATCH, to))) {
        batch.add(new NewTopic(name, Optional.of(partitions), Optional.of((short) 1)));
      }
      admin.createTopics(batch).all().get();
    }
    Map<String, Object> config = Map.of("bootstrap.servers", args.get("bootstrap"), "linger.ms", "100",
        "delivery.timeout.ms", "300000", "client.id", "fill", "buffer.memory", "268435456");
    byte[] value = new byte[64];
    try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (String topic : names(kind, from, to)) {
        for (int partition = 0; partition < partitions; partition++) {
          producer.send(new ProducerRecord<>(topic, partition, null, value));
          producer.send(new ProducerRecord<>(topic, partition, null, value));
        }
      }
    }
  }

  /**
   * Each group commits offset 1 of every partition of its topic. Old groups read old topics, so that
   * a churn takes a group before the topic it reads.
   */
  private void commit(int from, int to, IntUnaryOperator topicOf) throws Exception {
    Semaphore inFlight = new Semaphore(20);
    List<KafkaFuture<Void>> commits = new ArrayList<>();
    for (int group = from; group < to; group++) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      for (int partition = 0; partition < partitions; partition++) {
        offsets.put(new TopicPartition(name + "-" + topicOf.applyAsInt(group), partition),
            new OffsetAndMetadata(1));
      }
      inFlight.acquire();
      commits.add(admin.alterConsumerGroupOffsets(name + "-group-" + group, offsets).all()
          .whenComplete((done, error) -> inFlight.release()));
    }
    KafkaFuture.allOf(commits.toArray(new KafkaFuture[0])).get();
  }

  /** A consumer that reads the topic named as its group until the process ends. */
  private void join(int member) {
    String group = name + "-live-" + member;
    Map<String, Object> config = Map.of("bootstrap.servers", args.get("bootstrap"),
        "group.id", group, "client.id", group,
        "group.protocol", member % 2 == 0 ? "classic" : "consumer",
        "auto.offset.reset", "earliest", "fetch.max.wait.ms", "5000",
        "metadata.max.age.ms", "300000");
    Thread thread = new Thread(() -> {
      while (true) {
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
          consumer.subscribe(List.of(group));
          while (true) {
            consumer.poll(Duration.ofSeconds(5));
          }
        } catch (KafkaException e) {
          System.err.println(group + " starts anew: " + e);
        }
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  private List<String> names(String kind, int from, int to) {
    List<String> names = new ArrayList<>();
    for (int at = from; at < to; at++) {
      names.add(name + "-" + kind + at);
    }
    return names;
  }

  private int number(String name, int otherwise) {
    return Integer.parseInt(args.getOrDefault(name, String.valueOf(otherwise)));
  }
}
