/** Fits the control of the local PostgreSQL to what the loop asks of a database. */
@NullMarked
package io.holdfast.cluster.agent.database;

import org.jspecify.annotations.NullMarked;
