import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.apache.kafka.common.requests.ResponseHeader;

/**
 * One member of a streams group (KIP-1071), until killed:
 *
 * <pre>java -cp "$LIBS/*" StreamsMember.java --bootstrap host:port --group GROUP --topic TOPIC</pre>
 *
 * <p>Kafka Streams is not among the jars of a broker, so this speaks the protocol itself: it joins with
 * a topology of one part that reads TOPIC, takes whatever tasks it is given and processes nothing.
 */
public class StreamsMember {
  private static final String CLIENT_ID = "streams-member";
  private static final String PART = "0";
  private static final long RETRY_MS = 500;

  private int correlationId;

  public static void main(String[] args) throws Exception {
    if (args.length != 6) {
      System.err.println("usage: StreamsMember.java --bootstrap host:port --group GROUP --topic TOPIC");
      System.exit(2);
    }
    String bootstrap = args[1].split(",")[0];
    new StreamsMember().run(bootstrap, args[3], args[5]);
  }

  private void run(String bootstrap, String group, String topic) throws Exception {
    String memberId = UUID.randomUUID().toString();
    while (true) {
      try (Socket coordinator = connect(coordinatorOf(group, bootstrap))) {
        stay(coordinator, group, topic, memberId);
      } catch (IOException | IllegalStateException error) {
        System.err.println("streams member: " + error.getMessage());
        Thread.sleep(RETRY_MS);
      }
    }
  }

  /** Joins and heartbeats; returns never, throws when the coordinator refuses. */
  private void stay(Socket coordinator, String group, String topic, String memberId)
      throws IOException, InterruptedException {
    StreamsGroupHeartbeatRequestData request = joining(group, topic, memberId);
    while (true) {
      StreamsGroupHeartbeatResponseData answer = new StreamsGroupHeartbeatResponseData(
          ask(coordinator, ApiKeys.STREAMS_GROUP_HEARTBEAT, (short) 0, request), (short) 0);
      if (answer.errorCode() != 0) {
        throw new IllegalStateException(Errors.forCode(answer.errorCode()) + " " + answer.errorMessage());
      }
      request = new StreamsGroupHeartbeatRequestData().setGroupId(group).setMemberId(memberId)
          .setMemberEpoch(answer.memberEpoch());
      if (answer.activeTasks() != null) {
        request.setActiveTasks(answer.activeTasks().stream().map(StreamsMember::owned).toList())
            .setStandbyTasks(List.of()).setWarmupTasks(List.of());
      }
      Thread.sleep(Math.min(answer.heartbeatIntervalMs(), RETRY_MS));
    }
  }

  private static StreamsGroupHeartbeatRequestData joining(String group, String topic, String memberId) {
    var part = new StreamsGroupHeartbeatRequestData.Subtopology()
        .setSubtopologyId(PART).setSourceTopics(List.of(topic));
    var topology = new StreamsGroupHeartbeatRequestData.Topology()
        .setEpoch(0).setSubtopologies(List.of(part));
    return new StreamsGroupHeartbeatRequestData().setGroupId(group).setMemberId(memberId)
        .setMemberEpoch(0).setRebalanceTimeoutMs(60_000).setTopology(topology)
        .setProcessId(memberId).setClientTags(List.of())
        .setActiveTasks(List.of()).setStandbyTasks(List.of()).setWarmupTasks(List.of());
  }

  private static TaskIds owned(StreamsGroupHeartbeatResponseData.TaskIds assigned) {
    return new TaskIds().setSubtopologyId(assigned.subtopologyId()).setPartitions(assigned.partitions());
  }

  private String coordinatorOf(String group, String bootstrap) throws IOException {
    try (Socket socket = connect(bootstrap)) {
      short version = 4;
      FindCoordinatorResponseData answer = new FindCoordinatorResponseData(
          ask(socket, ApiKeys.FIND_COORDINATOR, version,
              new FindCoordinatorRequestData().setCoordinatorKeys(List.of(group))), version);
      var coordinator = answer.coordinators().get(0);
      if (coordinator.errorCode() != 0) {
        throw new IllegalStateException(Errors.forCode(coordinator.errorCode()).toString());
      }
      return coordinator.host() + ":" + coordinator.port();
    }
  }

  private static Socket connect(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    return new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  private ByteBufferAccessor ask(Socket socket, ApiKeys key, short version, ApiMessage request)
      throws IOException {
    RequestHeader header = new RequestHeader(key, version, CLIENT_ID, correlationId++);
    ByteBuffer frame =
        RequestUtils.serialize(header.data(), header.headerVersion(), request, version);
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(frame.remaining());
    out.write(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining());
    out.flush();
    DataInputStream in = new DataInputStream(socket.getInputStream());
    ByteBuffer answer = ByteBuffer.wrap(in.readNBytes(in.readInt()));
    ResponseHeader.parse(answer, key.responseHeaderVersion(version));
    return new ByteBufferAccessor(answer);
  }
}
