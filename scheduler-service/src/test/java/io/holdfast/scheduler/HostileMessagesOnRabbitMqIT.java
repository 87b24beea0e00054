package io.holdfast.scheduler;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;

/** On the broker that production has, where it is installed. */
@QuarkusTest
@QuarkusTestResource(value = RestartableBroker.class, restrictToAnnotatedClass = true)
class HostileMessagesOnRabbitMqIT extends HostileMessages {}
