/** What a deployment's state is. Plain Java. */
@NullMarked
package io.holdfast.inventory.deployments;

import org.jspecify.annotations.NullMarked;
