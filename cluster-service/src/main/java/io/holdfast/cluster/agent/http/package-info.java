/** The agent over HTTP: health by status code, the cluster's state, and the operator's verbs. */
@NullMarked
package io.holdfast.cluster.agent.http;

import org.jspecify.annotations.NullMarked;
