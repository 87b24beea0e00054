/** Asks the services. */
@NullMarked
package io.holdfast.gateway.deadletters.storage;

import org.jspecify.annotations.NullMarked;
