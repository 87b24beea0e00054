/** Asks the gateway, which keeps users. */
@NullMarked
package io.holdfast.scheduler.directory.storage;

import org.jspecify.annotations.NullMarked;
