/** The records of restores and their claims in this service's control schema. */
@NullMarked
package io.holdfast.restore.requests.storage;

import org.jspecify.annotations.NullMarked;
