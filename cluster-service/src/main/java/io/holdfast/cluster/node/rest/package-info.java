/** The cluster's nodes over internal REST. Holds no rules. */
@NullMarked
package io.holdfast.cluster.node.rest;

import org.jspecify.annotations.NullMarked;
