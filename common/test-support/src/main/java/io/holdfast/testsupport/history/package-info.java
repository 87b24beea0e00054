/**
 * What clients of a cluster did and what they were told, and the checkers that find where an acknowledged write was lost, acknowledged by
 * two nodes or seen out of order. Pure: no database, no network. Used by the fault tests and by {@code bench failover}.
 */
@NullMarked
package io.holdfast.testsupport.history;

import org.jspecify.annotations.NullMarked;
