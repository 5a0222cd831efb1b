// Metrics as a port, and its implementation for Prometheus. It does not serve them.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** One answered request. All labels come from closed sets, because each new value is a permanent series. */
export interface AnsweredRequest {
  readonly title: string;
  /** Empty for a title without operations. */
  readonly operation: string;
  readonly phrase: string;
  readonly durationMs: number;
}

/** A figure that is read on request. */
export interface Figure {
  /** A name in Prometheus's form: `partyline_<what>_<unit>`. */
  readonly name: string;
  readonly help: string;
  /** The label that distinguishes figures of the same name, with its value. */
  readonly label?: { readonly name: string; readonly value: string };
  /** If it rejects, this figure is reported as NaN; the other figures are not affected. */
  readonly read: () => number | Promise<number>;
}

export interface Metrics {
  answered(request: AnsweredRequest): void;
  /** Includes a figure until the returned function is called. */
  show(figure: Figure): () => void;
}

/** Counts nothing. */
export const silentMetrics: Metrics = { answered: () => undefined, show: () => () => undefined };

export interface PrometheusMetrics extends Metrics {
  readonly contentType: string;
  /** All current figures, in the text format. */
  text(): Promise<string>;
}

/** From a refusal that needs no database to a login that waited in the queue. */
const LATENCY_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics, including the usual metrics of a Node process (memory, CPU, event-loop delay, garbage collection). */
export function createMetrics(): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'partyline_requests_total',
    help: 'Answered requests, by title, operation and phrase of the answer.',
    labelNames: ['title', 'operation', 'phrase'],
    registers,
  });
  const latency = new Histogram({
    name: 'partyline_request_duration_seconds',
    help: 'The time from the arrival of a request to its answer.',
    labelNames: ['title', 'operation'],
    buckets: LATENCY_BUCKETS_S,
    registers,
  });
  const figures = new Map<string, Set<Figure>>();

  /** The figures of one name, as one gauge. */
  function gaugeOf({ name, help, label }: Figure): Set<Figure> {
    const shown = new Set<Figure>();
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: label === undefined ? [] : [label.name],
      registers,
      collect: async () => {
        const values = await Promise.all([...shown].map(valueOf));
        gauge.reset();
        for (const { labels, value } of values) gauge.set(labels, value);
      },
    });
    figures.set(name, shown);
    return shown;
  }

  return {
    answered({ title, operation, phrase, durationMs }) {
      requests.inc({ title, operation, phrase });
      latency.observe({ title, operation }, durationMs / 1_000);
    },
    show(figure) {
      const shown = (figures.get(figure.name) ?? gaugeOf(figure)).add(figure);
      return () => void shown.delete(figure);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

async function valueOf({ label, read }: Figure) {
  const labels = label === undefined ? {} : { [label.name]: label.value };
  try {
    return { labels, value: await read() };
  } catch {
    // A failing figure must not fail the whole report; readiness and log report its error.
    return { labels, value: Number.NaN };
  }
}
