/** The rows of agents in PostgreSQL. Knows no HTTP. */
@NullMarked
package io.holdfast.inventory.agents.storage;

import org.jspecify.annotations.NullMarked;
