/** Maintenance mode over internal REST. Holds no rules. */
@NullMarked
package io.holdfast.cluster.maintenance.rest;

import org.jspecify.annotations.NullMarked;
