package io.holdfast.scheduler;

import io.holdfast.testsupport.HoldfastResources;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** On the embedded broker. */
@QuarkusTest
@QuarkusTestResource(value = HoldfastResources.class, restrictToAnnotatedClass = true)
class HostileMessagesIT extends HostileMessages {}
