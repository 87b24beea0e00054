package io.holdfast.archive.cloudify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ManagerException;
import org.junit.jupiter.api.Test;

class StorableItemTest {

    @Test
    void anOrdinaryItemIsTheSameObject() throws JsonProcessingException {
        // given
        Item item = item("{\"a\": [1, 2.50, 123456789012345678901234567890, {\"b\": \"\\ud83d\\ude00 x\"}]}");
        // when
        StorableItem storable = StorableItem.of(item);
        // then
        assertThat(storable.item()).isSameAs(item);
        assertThat(storable.replaced()).isEmpty();
        assertThat(storable.item().json("a")).contains("2.50").contains("123456789012345678901234567890");
    }

    @Test
    void whatPostgresCannotHoldIsReplacedVisibly() throws JsonProcessingException {
        // given
        Item item = item("{\"a\": \"x\\u0000y\", \"b\": [NaN, -Infinity], \"c\": {\"k\\u0000\": \"\\ud83d\"}}");
        // when
        StorableItem storable = StorableItem.of(item);
        // then
        assertThat(storable.item().node().toString())
                .isEqualTo("{\"a\":\"x\u2400y\",\"b\":[\"NaN\",\"-Infinity\"],\"c\":{\"k\u2400\":\"\ufffd\"}}");
        assertThat(storable.replaced()).hasSize(5);
    }

    @Test
    void aNumberOutOfRangeIsRefusedByName() throws JsonProcessingException {
        // given
        Item item = item("{\"plan\": {\"x\": 1e999999}}");
        // when, then
        assertThatThrownBy(() -> StorableItem.of(item))
                .isInstanceOf(ManagerException.class)
                .hasMessageContaining("the item")
                .hasMessageContaining("/plan/x");
    }

    private static Item item(String json) throws JsonProcessingException {
        return new Item((ObjectNode) Json.MAPPER.readTree(json), "the item");
    }
}
