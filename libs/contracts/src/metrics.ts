/** Metric names, declared before use. Base units; no identifier ever becomes a label. */
export const metricNames = {
  httpRequestDurationSeconds: 'lisible_http_request_duration_seconds',
  applicationsReceivedTotal: 'lisible_applications_received_total',
  decisionsTotal: 'lisible_decisions_total',
  explanationDurationSeconds: 'lisible_explanation_duration_seconds',
  eventsHandledTotal: 'lisible_events_handled_total',
  deadLettersTotal: 'lisible_dead_letters_total',
  eventLagEvents: 'lisible_event_lag_events',
  eventsPublishedTotal: 'lisible_events_published_total',
  outboxUnpublishedEvents: 'lisible_outbox_unpublished_events',
  consumersReplacedTotal: 'lisible_consumers_replaced_total',
  consumersStopped: 'lisible_consumers_stopped',
  populationBytes: 'lisible_population_bytes',
} as const;
