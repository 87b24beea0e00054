/** The HTTP resources of secrets and secrets providers: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.secrets.rest;

import org.jspecify.annotations.NullMarked;
