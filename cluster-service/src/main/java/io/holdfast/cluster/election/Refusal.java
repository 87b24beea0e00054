package io.holdfast.cluster.election;

/**
 * Why a request is not carried out.
 *
 * @param detail what was found and what was expected
 * @param hint what to do next
 */
public record Refusal(String detail, String hint) {}
