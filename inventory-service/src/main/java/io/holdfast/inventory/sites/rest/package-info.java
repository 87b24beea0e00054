/** The HTTP resources of sites: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.sites.rest;

import org.jspecify.annotations.NullMarked;
