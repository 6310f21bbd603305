const YAML = `sources:
  - kafka:
      name: orders
      bootstrap: [broker1:9092]`;

/** The first steps, for a server that watches nothing yet. */
export function NoSource() {
  return (
    <section className="panel first-run">
      <h2>No source is configured</h2>
      <p>Weir watches nothing yet. Look around in a simulated cluster, or name one of yours.</p>
      <h3>Without a Kafka</h3>
      <pre>
        <code>weir demo</code>
      </pre>
      <p className="lo">
        Nothing else is needed: within three minutes a broker dies and a group falls behind.
      </p>
      <h3>A cluster of yours, on the command line</h3>
      <pre>
        <code>weir serve --kafka host:port</code>
      </pre>
      <h3>
        Or in <code>weir.yaml</code>
      </h3>
      <pre>
        <code>{YAML}</code>
      </pre>
      <p className="lo">
        then <code>weir sources test</code>, which says what is wrong and what to do about it, and{' '}
        <code>weir serve --config weir.yaml</code>. This page fills itself with the first sample.
      </p>
    </section>
  );
}
