/** Where execution groups are kept, and who knows the deployments of a group. */
@NullMarked
package io.holdfast.scheduler.groups.storage;

import org.jspecify.annotations.NullMarked;
