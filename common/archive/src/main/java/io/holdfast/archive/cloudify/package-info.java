/**
 * Readers of the snapshot archives that Cloudify managers write: what is in them, in a dependable order, with repeated dumps merged.
 * Must not know the state tables, nor what a restore makes of an entity.
 */
@NullMarked
package io.holdfast.archive.cloudify;

import org.jspecify.annotations.NullMarked;
