/** The manager's facts over HTTP, in the manager API's shapes. Must hold no rules. */
@NullMarked
package io.holdfast.gateway.manager.rest;

import org.jspecify.annotations.NullMarked;
