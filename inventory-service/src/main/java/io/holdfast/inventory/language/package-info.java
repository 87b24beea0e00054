/**
 * The blueprint language, cloudify_dsl_1_0 to 1_5: reads blueprints into plans, and plans with inputs into deployments. Pure: knows
 * neither where files come from nor where plans go.
 */
@NullMarked
package io.holdfast.inventory.language;

import org.jspecify.annotations.NullMarked;
