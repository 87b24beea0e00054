/** Loads a Cloudify archive into staged schemas, as the restore's port asks for it. Must not know how an entity is mapped. */
@NullMarked
package io.holdfast.restore.cloudify.app;

import org.jspecify.annotations.NullMarked;
