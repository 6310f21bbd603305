#!/usr/bin/env bash
# A real Apache Kafka on loopback, for tests.
#
#   cluster.sh check [--release X.Y.Z]        exit 0 when it can start here, else 1 and the reason on one line
#   cluster.sh fetch [--release X.Y.Z]        bring the jars into the cache
#   cluster.sh up [--brokers N] [--release X.Y.Z] [--secure] [--request-log] [--dir DIR]
#                                             start N KRaft brokers (default 3); prints the environment
#   cluster.sh down --dir DIR                 stop them
#   cluster.sh restart --dir DIR --broker ID  start a broker that was killed, with the data it had
#   cluster.sh with [--brokers N] [--release X.Y.Z] [--secure] -- CMD…
#                                             start, run CMD with the environment, always stop
#   cluster.sh traffic --dir DIR              produce and consume a little, until killed
#
# DIR/env holds what tests read: WEIR_TEST_KAFKA, WEIR_TEST_KAFKA_TLS, WEIR_TEST_KAFKA_CA,
# WEIR_TEST_KAFKA_LIBS, WEIR_TEST_KAFKA_DIR, WEIR_TEST_KAFKA_RELEASE. DIR/broker-N/pid is the process
# of broker N.
#
# --release starts an older Apache Kafka than that of pom.xml, back to 2.8 (KRaft is a preview there).
# Kafka's own tools stay those of pom.xml.
#
# --request-log makes each broker write every request it answered, as JSON, into
# DIR/broker-N/requests.log: a line a request, and long ones; with WEIR_KAFKA_REQUESTS=INFO only once
# the broker's logger kafka.request.logger is set to DEBUG. WEIR_KAFKA_HEAP is the most memory a
# broker's heap may take (default 384m).
#
# --secure adds listeners and ACLs, from 3.5 on:
#   WEIR_TEST_KAFKA_SASL      PLAIN, SCRAM-SHA-256 (sessions of 3 s), SCRAM-SHA-512, OAUTHBEARER (unsigned tokens)
#   WEIR_TEST_KAFKA_SASL_TLS  PLAIN, SCRAM-SHA-512
#   WEIR_TEST_KAFKA_MTLS      a client certificate is asked for: WEIR_TEST_KAFKA_CLIENT_CERT and _CLIENT_KEY
# Users `weir`, who may do all, `reader`, who may do nothing, and `grantee` (PLAIN alone), whom one
# test gives rights; all with the password `weir-tests`.
# Whoever comes without a name may do all, so that everything else works as without --secure.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
newest=$(sed -n 's/.*<kafka.version>\(.*\)<\/kafka.version>.*/\1/p' "$here/pom.xml")
cache="${WEIR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir}"
libs="$cache/kafka-$newest"   # of the tools, and of the brokers where no other release is asked for
java_opts=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true
           "-Dlog4j2.configurationFile=$here/log4j2.xml")
password=weir-tests   # guards nothing: the keys live as long as the test cluster
ready_secs=120

say() { echo "kafka: $*" >&2; }
die() { say "$*"; exit 1; }

java_major() {
  java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1
}

why_not() {
  command -v java >/dev/null || { echo "java is not on the PATH (Java 17 or newer is needed)"; return; }
  command -v keytool >/dev/null || { echo "keytool is not on the PATH (install a JDK)"; return; }
  local major; major=$(java_major)
  [ "${major:-0}" -ge 17 ] || { echo "java ${major:-unknown} is too old (Java 17 or newer is needed)"; return; }
  local jars
  for jars in "$libs" "$(broker_libs)"; do
    [ -f "$jars/.complete" ] || command -v mvn >/dev/null ||
      { echo "mvn is not on the PATH and $jars is not filled"; return; }
  done
}

broker_libs() { echo "$cache/kafka-$release"; }

check() {
  local reason; reason=$(why_not)
  [ -z "$reason" ] || { echo "$reason"; exit 1; }
}

fetch() {
  fetch_jars "$libs" "$here/pom.xml"
  fetch_jars "$(broker_libs)" "$here/pom-broker.xml" "-Dkafka.version=$release"
}

# The folder appears whole or not at all, so that a broken download is never taken for a cache.
fetch_jars() {
  local jars=$1 pom=$2; shift 2
  [ -f "$jars/.complete" ] && return
  say "fetching Apache Kafka into $jars"
  mkdir -p "$cache"
  local partial; partial=$(mktemp -d "$jars.XXXXXX")
  if ! mvn -q -B -Dstyle.color=never -f "$pom" "$@" dependency:copy-dependencies \
      -DoutputDirectory="$partial" -DincludeScope=runtime >&2; then
    rm -rf "$partial"
    die "Maven could not fetch the jars; is Maven Central reachable?"
  fi
  touch "$partial/.complete"
  rm -rf "$jars"
  mv -T "$partial" "$jars" 2>/dev/null || rm -rf "$partial"   # another run was first
}

# Ports below the ephemeral range, so that no outgoing connection takes one in between.
taken_ports=" "
free_port() {
  local port
  for _ in $(seq 200); do
    port=$((RANDOM % 12000 + 20000))
    [[ $taken_ports == *" $port "* ]] && continue
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
    taken_ports+="$port "
    found_port=$port
    return
  done
  die "no free port found between 20000 and 32000"
}

keytool_quiet() {
  local out
  out=$(keytool "$@" -storepass "$password" 2>&1) || die "keytool $1 failed: $out"
}

# One authority and one certificate for 127.0.0.1 and localhost, shared by all brokers.
make_keys() {
  local tls=$1
  mkdir -p "$tls"
  local ca=(-keystore "$tls/ca.p12" -storetype PKCS12 -alias ca)
  local server=(-keystore "$tls/server.p12" -storetype PKCS12 -alias server)
  keytool_quiet -genkeypair "${ca[@]}" -keyalg EC -groupname secp256r1 -dname "CN=Weir test CA" \
    -ext bc:c=ca:true -ext ku:c=keyCertSign,cRLSign -validity 3650
  keytool_quiet -exportcert "${ca[@]}" -rfc -file "$tls/ca.pem"
  keytool_quiet -genkeypair "${server[@]}" -keyalg EC -groupname secp256r1 -dname "CN=localhost" \
    -validity 3650
  keytool_quiet -certreq "${server[@]}" -file "$tls/server.csr"
  keytool_quiet -gencert "${ca[@]}" -infile "$tls/server.csr" -outfile "$tls/server.pem" -rfc \
    -ext san=dns:localhost,ip:127.0.0.1 -ext eku=serverAuth -validity 3650
  keytool_quiet -importcert -noprompt -keystore "$tls/server.p12" -alias ca -file "$tls/ca.pem"
  keytool_quiet -importcert -noprompt "${server[@]}" -file "$tls/server.pem"
}

# Who shows this certificate is User:CN=weir. RSA: Java writes EC keys without their public half, and
# not every TLS library then takes them.
make_client_key() {
  local tls=$1
  local ca=(-keystore "$tls/ca.p12" -storetype PKCS12 -alias ca)
  local client=(-keystore "$tls/client.p12" -storetype PKCS12 -alias client)
  keytool_quiet -genkeypair "${client[@]}" -keyalg RSA -keysize 2048 -dname "CN=weir" -validity 3650
  keytool_quiet -certreq "${client[@]}" -file "$tls/client.csr"
  keytool_quiet -gencert "${ca[@]}" -infile "$tls/client.csr" -outfile "$tls/client.pem" -rfc \
    -ext eku=clientAuth -validity 3650
  java "${java_opts[@]}" "$here/ExportKey.java" "$tls/client.p12" "$password" client >"$tls/client.key" ||
    die "the client's key could not be exported"
}

write_properties() {
  local id=$1 brokers=$2 dir=$3 plain=$4 ssl=$5 controller=$6 voters=$7 more=$8
  local replicas=$((brokers < 3 ? brokers : 3))
  cat <<PROPERTIES
process.roles=broker,controller
node.id=$id
broker.rack=rack-$id
controller.quorum.voters=$voters
listeners=PLAINTEXT://127.0.0.1:$plain,SSL://127.0.0.1:$ssl$more,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$plain,SSL://127.0.0.1:$ssl$more
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SSL:SSL,SASL:SASL_PLAINTEXT,SASL_TLS:SASL_SSL,MTLS:SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
ssl.keystore.type=PKCS12
ssl.keystore.location=$dir/tls/server.p12
ssl.keystore.password=$password
log.dirs=$dir/broker-$id/data
num.network.threads=2
num.io.threads=4
num.partitions=1
min.insync.replicas=1
default.replication.factor=$replicas
offsets.topic.num.partitions=9
offsets.topic.replication.factor=$replicas
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor=$replicas
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=3
share.coordinator.state.topic.replication.factor=$replicas
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
log.retention.check.interval.ms=1000
log.segment.delete.delay.ms=1000
log.initial.task.delay.ms=1000
log.cleaner.backoff.ms=1000
PROPERTIES
}

# What --secure adds. The listeners themselves are in `up`.
write_security() {
  local dir=$1 modules=org.apache.kafka.common.security
  local scram="$modules.scram.ScramLoginModule required;"
  local plain="$modules.plain.PlainLoginModule required user_weir=\"$password\" user_reader=\"$password\" user_grantee=\"$password\";"
  cat <<PROPERTIES
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS;User:weir;User:CN=weir
listener.name.mtls.ssl.client.auth=required
listener.name.mtls.ssl.truststore.type=PEM
listener.name.mtls.ssl.truststore.location=$dir/tls/ca.pem
listener.name.sasl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
listener.name.sasl.plain.sasl.jaas.config=$plain
listener.name.sasl.scram-sha-256.sasl.jaas.config=$scram
listener.name.sasl.scram-sha-256.connections.max.reauth.ms=3000
listener.name.sasl.scram-sha-512.sasl.jaas.config=$scram
listener.name.sasl.oauthbearer.sasl.jaas.config=$modules.oauthbearer.OAuthBearerLoginModule required;
listener.name.sasl_tls.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.sasl_tls.plain.sasl.jaas.config=$plain
listener.name.sasl_tls.scram-sha-512.sasl.jaas.config=$scram
PROPERTIES
}

start_broker() {
  local id=$1 dir=$2
  local opts=("${java_opts[@]}")
  [ -z "$request_log" ] || opts+=("-Dlog4j2.configurationFile=$here/log4j2-requests.xml"
                                  "-Dweir.requests=$dir/broker-$id/requests.log"
                                  "-Dweir.requests.level=${WEIR_KAFKA_REQUESTS:-DEBUG}")
  # A session of its own: Ctrl-C in the caller's terminal reaches `down`, not the brokers.
  setsid java "-Xmx${WEIR_KAFKA_HEAP:-384m}" "${opts[@]}" -cp "$(broker_libs)/*" kafka.Kafka "$dir/broker-$id/server.properties" \
    </dev/null >"$dir/broker-$id/log" 2>&1 &
  echo $! >"$dir/broker-$id/pid"
  disown   # the shell does not report how it ended
}

is_our_broker() {   # a pid file may be older than the process that has its number now
  ps -o args= -p "$1" 2>/dev/null | grep -qF "$2/broker-"
}

wait_until_ready() {
  local dir=$1 deadline=$((SECONDS + ready_secs)) broker
  for broker in "$dir"/broker-*; do
    until grep -q "Kafka Server started" "$broker/log"; do
      if ! kill -0 "$(cat "$broker/pid")" 2>/dev/null; then
        tail -n 20 "$broker/log" >&2
        die "$(basename "$broker") ended before it was ready"
      fi
      if [ $SECONDS -ge $deadline ]; then
        tail -n 20 "$broker/log" >&2
        die "$(basename "$broker") was not ready after $ready_secs s"
      fi
      sleep 0.2
    done
  done
}

write_env() {
  local dir=$1 plain=$2 ssl=$3
  cat >"$dir/env" <<ENV
WEIR_TEST_KAFKA='$plain'
WEIR_TEST_KAFKA_TLS='$ssl'
WEIR_TEST_KAFKA_CA='$dir/tls/ca.pem'
WEIR_TEST_KAFKA_LIBS='$libs'
WEIR_TEST_KAFKA_DIR='$dir'
WEIR_TEST_KAFKA_RELEASE='$release'
ENV
}

write_secure_env() {
  local dir=$1 sasl=$2 sasl_tls=$3 mtls=$4
  cat >>"$dir/env" <<ENV
WEIR_TEST_KAFKA_SASL='$sasl'
WEIR_TEST_KAFKA_SASL_TLS='$sasl_tls'
WEIR_TEST_KAFKA_MTLS='$mtls'
WEIR_TEST_KAFKA_CLIENT_CERT='$dir/tls/client.pem'
WEIR_TEST_KAFKA_CLIENT_KEY='$dir/tls/client.key'
ENV
}

random_cluster_id() {   # Kafka's form: 16 bytes as URL-safe base64; a leading dash reads as a flag
  echo "W$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 2-22)"
}

up() {
  local reason; reason=$(why_not)
  [ -z "$reason" ] || die "$reason"
  fetch
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  [ ! -e "$dir/env" ] || die "$dir holds a cluster already; stop it with: $0 down --dir $dir"
  trap 'stop_all "$dir"' EXIT
  trap 'exit 130' INT TERM
  rm -rf "$dir"/broker-[0-9]* "$dir/tls"

  local plain=() ssl=() controller=() sasl=() sasl_tls=() mtls=() more=() voters="" id mechanism user
  local scram_users=()
  for id in $(seq "$brokers"); do
    free_port; plain[id]=$found_port
    free_port; ssl[id]=$found_port
    free_port; controller[id]=$found_port
    voters+="${voters:+,}$id@127.0.0.1:${controller[id]}"
    [ -n "$secure" ] || continue
    free_port; sasl[id]=$found_port
    free_port; sasl_tls[id]=$found_port
    free_port; mtls[id]=$found_port
    more[id]=",SASL://127.0.0.1:${sasl[id]},SASL_TLS://127.0.0.1:${sasl_tls[id]},MTLS://127.0.0.1:${mtls[id]}"
  done
  say "starting $brokers broker(s) of Apache Kafka $release in $dir"
  make_keys "$dir/tls"
  if [ -n "$secure" ]; then
    make_client_key "$dir/tls"
    for mechanism in SCRAM-SHA-256 SCRAM-SHA-512; do
      for user in weir reader; do scram_users+=(--add-scram "$mechanism=[name=$user,password=$password]"); done
    done
  fi
  local cluster_id; cluster_id=$(random_cluster_id)
  for id in $(seq "$brokers"); do
    mkdir -p "$dir/broker-$id"
    write_properties "$id" "$brokers" "$dir" "${plain[id]}" "${ssl[id]}" "${controller[id]}" "$voters" \
      "${more[id]:-}" >"$dir/broker-$id/server.properties"
    [ -z "$secure" ] || write_security "$dir" >>"$dir/broker-$id/server.properties"
    java "${java_opts[@]}" -cp "$(broker_libs)/*" kafka.tools.StorageTool format -t "$cluster_id" \
      -c "$dir/broker-$id/server.properties" "${scram_users[@]}" >"$dir/broker-$id/log" 2>&1 ||
      { cat "$dir/broker-$id/log" >&2; die "broker $id: its folder could not be formatted"; }
  done
  for id in $(seq "$brokers"); do start_broker "$id" "$dir"; done
  wait_until_ready "$dir"
  write_env "$dir" "$(addresses "${plain[@]}")" "$(addresses "${ssl[@]}")"
  [ -z "$secure" ] ||
    write_secure_env "$dir" "$(addresses "${sasl[@]}")" "$(addresses "${sasl_tls[@]}")" "$(addresses "${mtls[@]}")"
  trap - EXIT INT TERM
  say "ready"
}

addresses() {
  local joined; joined=$(printf ',127.0.0.1:%s' "$@")
  echo "${joined#,}"
}

# Killed, not asked: the data is thrown away, and combined-mode brokers that are told to end together
# wait for each other.
stop_all() {
  local dir=$1 file pid
  for file in "$dir"/broker-*/pid; do
    [ -e "$file" ] || continue
    pid=$(cat "$file")
    if is_our_broker "$pid" "$dir"; then
      kill -KILL "$pid" 2>/dev/null || true
      while is_our_broker "$pid" "$dir"; do sleep 0.05; done
    fi
  done
  rm -f "$dir"/broker-*/pid "$dir/env"
}

with() {
  up
  trap 'stop_all "$dir"; [ -z "$own_dir" ] || rm -rf "$own_dir"' EXIT
  set -a
  # shellcheck disable=SC1091
  . "$dir/env"
  set +a
  "$@"
}

restart() {
  [ -e "$dir/env" ] || die "$dir holds no running cluster"
  dir=$(cd "$dir" && pwd)
  # shellcheck disable=SC1091
  . "$dir/env"
  release=$WEIR_TEST_KAFKA_RELEASE
  ! is_our_broker "$(cat "$dir/broker-$broker/pid")" "$dir" || die "broker $broker is still running"
  start_broker "$broker" "$dir"
  wait_until_ready "$dir"
}

traffic() {
  [ -e "$dir/env" ] || die "$dir holds no running cluster"
  # shellcheck disable=SC1091
  . "$dir/env"
  exec java -Xmx256m "${java_opts[@]}" -cp "$libs/*" "$here/Traffic.java" --bootstrap "$WEIR_TEST_KAFKA"
}

# Only a folder made here is removed afterwards.
own_dir=""
use_temporary_dir() {
  own_dir=$(mktemp -d "${TMPDIR:-/tmp}/weir-kafka.XXXXXX")
  dir=$own_dir
}

command=${1:-}
[ $# -gt 0 ] && shift
brokers=3
release=$newest
secure=""
request_log=""
broker=""
dir=""
while [ $# -gt 0 ]; do
  case $1 in
    --brokers) brokers=${2:?--brokers wants a number}; shift 2 ;;
    --release) release=${2:?--release wants a version such as 2.8.2}; shift 2 ;;
    --secure) secure=yes; shift ;;
    --request-log) request_log=yes; shift ;;
    --broker) broker=${2:?--broker wants an id}; shift 2 ;;
    --dir) dir=${2:?--dir wants a folder}; shift 2 ;;
    --) shift; break ;;
    *) die "unknown argument: $1" ;;
  esac
done
[ "$brokers" -ge 1 ] 2>/dev/null || die "--brokers wants a number of 1 or more, not $brokers"

case $command in
  check) check ;;
  fetch) fetch ;;
  up)
    [ -n "$dir" ] || use_temporary_dir
    up
    cat "$dir/env" ;;
  down)
    [ -n "$dir" ] || die "down wants --dir"
    stop_all "$dir" ;;
  restart)
    [ -n "$dir" ] && [ -n "$broker" ] || die "restart wants --dir and --broker"
    restart ;;
  with)
    [ $# -gt 0 ] || die "with wants a command after --"
    [ -n "$dir" ] || use_temporary_dir
    with "$@" ;;
  traffic)
    [ -n "$dir" ] || die "traffic wants --dir"
    traffic ;;
  *)
    sed -n '2,/^set /s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2 ;;
esac
