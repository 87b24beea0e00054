/** What the API looks like, as OpenAPI documents made of the route table. Knows no HTTP and no JSON. */
@NullMarked
package io.holdfast.gateway.openapi;

import org.jspecify.annotations.NullMarked;
