/** Reads from the live schemas what a Cloudify archive cannot bring along. Must not know archives. */
@NullMarked
package io.holdfast.restore.cloudify.storage;

import org.jspecify.annotations.NullMarked;
