package io.holdfast.snapshot.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.snapshot.transfer.ByteRange.Asked;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ByteRangeTest {

    @Test
    void rangesAreReadAsTheRfcHasThem() {
        assertThat(of("bytes=0-0")).isEqualTo(part(0, 1));
        assertThat(of("bytes=10-19")).isEqualTo(part(10, 10));
        assertThat(of("bytes=90-")).isEqualTo(part(90, 10));
        assertThat(of("bytes=90-1000")).isEqualTo(part(90, 10));
        assertThat(of("bytes=-1000")).isEqualTo(part(0, 100));
        assertThat(of("bytes=-7")).isEqualTo(part(93, 7));
    }

    @Test
    void whatCannotBeSatisfiedIsSaidAndWhatIsNoRangeIsIgnored() {
        assertThat(of("bytes=100-")).isEqualTo(new Asked.Unsatisfiable());
        assertThat(of("bytes=-0")).isEqualTo(new Asked.Unsatisfiable());
        assertThat(of("bytes=99999999999999999999-")).isEqualTo(new Asked.Unsatisfiable());
        for (String header : new String[] {"bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "x"}) {
            assertThat(of(header)).as(header).isEqualTo(new Asked.Whole());
        }
        assertThat(ByteRange.of(Optional.empty(), 100)).isEqualTo(new Asked.Whole());
    }

    private static Asked of(String header) {
        return ByteRange.of(Optional.of(header), 100);
    }

    private static Asked part(long first, long length) {
        return new Asked.Part(new ByteRange(first, length));
    }
}
