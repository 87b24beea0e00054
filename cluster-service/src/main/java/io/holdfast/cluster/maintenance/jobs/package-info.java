/** What happens to the gate without a request. Holds no rules. */
@NullMarked
package io.holdfast.cluster.maintenance.jobs;

import org.jspecify.annotations.NullMarked;
