/** The HTTP resource for tenants that end: asks and answers. No rules and no SQL here. */
@NullMarked
package io.holdfast.scheduler.tenants.rest;

import org.jspecify.annotations.NullMarked;
