/** Dead letters over HTTP. */
@NullMarked
package io.holdfast.gateway.deadletters.rest;

import org.jspecify.annotations.NullMarked;
