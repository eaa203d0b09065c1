// The words in which the dashboard's rows are written: a series over time, and one big number. How they look is decided
// here, what they ask in the rows.
import {
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as SeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';

/** Whatever Prometheus the reader chose in the dashboard's first field. */
export const datasource = { type: 'prometheus', uid: '$datasource' };

interface PanelFacts {
  title: string;
  /** What it shows and when to worry: the text behind the panel's ⓘ. */
  description: string;
  /** Name of a Grafana unit, such as `percent` or `suffix: req/min`. */
  unit: string;
  /** Colour → from which value on it holds, lowest first, beginning with null; a series gets a line at each value. */
  bands?: Partial<Record<'green' | 'yellow' | 'red', number | null>>;
  decimals?: number;
  /** Columns of 24. */
  width?: number;
  /** Rows of 38 pixels. */
  height?: number;
}

interface SeriesFacts extends PanelFacts {
  /** PromQL by legend; `{{label}}` in a legend is the value of that label. */
  queries: Record<string, string>;
  stacked?: boolean;
  max?: number;
  /**
   * Shortest window of a rate, for events so rare that the usual one holds less than two: becomes the least
   * `$__rate_interval`.
   */
  atLeast?: '5m';
}

export function series(facts: SeriesFacts): SeriesBuilder {
  const { title, description, unit, queries, stacked, max, atLeast, decimals } = facts;
  const { width = 6, height = 8 } = facts;
  const panel = new SeriesBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .span(width)
    .height(height)
    .unit(unit)
    .min(0)
    .noValue('–')
    .lineWidth(1)
    .fillOpacity(stacked ? 40 : 8)
    // A lone point between gaps would not be seen otherwise.
    .showPoints(VisibilityMode.Auto)
    .thresholds(thresholds(facts))
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (facts.bands !== undefined) {
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  }
  if (stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (max !== undefined) panel.max(max);
  if (decimals !== undefined) panel.decimals(decimals);
  if (atLeast !== undefined) panel.interval(atLeast);
  for (const [index, [legend, expr]] of Object.entries(queries).entries()) {
    panel.withTarget(query(index, expr).legendFormat(legend).range());
  }
  return panel;
}

/** One number: what `expr` is at the end of the shown time. Without a value then it shows none, never an old one. */
export function number(facts: PanelFacts & { expr: string }): StatBuilder {
  const { title, description, unit, expr, decimals, width = 6, height = 4 } = facts;
  const panel = new StatBuilder()
    .title(title)
    .description(description)
    .datasource(datasource)
    .span(width)
    .height(height)
    .unit(unit)
    .noValue('–')
    .graphMode(BigValueGraphMode.None)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(thresholds(facts))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .withTarget(query(0, expr).instant());
  if (decimals !== undefined) panel.decimals(decimals);
  return panel;
}

function query(index: number, expr: string): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .datasource(datasource)
    .expr(expr);
}

function thresholds({ bands = { green: null } }: PanelFacts): ThresholdsConfigBuilder {
  const steps = Object.entries(bands).map(([color, value]) => ({ color, value }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
