/**
 * What becomes of each entity of a Cloudify archive: which rows of which state tables, under which tenant. Must not know requests,
 * the swap, or SQL.
 */
@NullMarked
package io.holdfast.restore.cloudify;

import org.jspecify.annotations.NullMarked;
