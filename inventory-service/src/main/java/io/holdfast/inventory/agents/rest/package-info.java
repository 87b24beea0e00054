/** The HTTP resources of agents: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.agents.rest;

import org.jspecify.annotations.NullMarked;
