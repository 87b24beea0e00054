package io.holdfast.gateway.requests;

import org.jspecify.annotations.Nullable;

/**
 * An execution whose producer wants to hear of its start and its end.
 *
 * @param key of the request that started it
 * @param replyTo a queue of the producer's, checked when the request came
 * @param answeredAs correlation id of what it is told
 * @param toldStatus the status that it heard of last
 */
public record Followed(
        RequestLog.Key key,
        String tenantName,
        String executionId,
        String replyTo,
        @Nullable String answeredAs,
        String toldStatus) {}
