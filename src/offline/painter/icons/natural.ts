// What colour a thing is by itself: its body, and what is fixed to it. Painterly styles grade these for their light.
import { type Colour, hex } from '../colour.ts';
import type { Icon } from './things.ts';

/** `icon … = body fittings`; things that are not here are of the style's own stuff. */
const told = `
apple cherry = #c23a2c #5a7d35|carrot = #dd7a2a #5f8f3f|banana = #e3bd3c #8a6a2e|egg = #ead9c0 #b9a184|wheat = #d9ae55 #a8803a
croissant = #c98a45 #8f5a28|cookie bean nut = #a8703c #5c371d|pizza sandwich = #dba24e #b4472c|cake-slice = #e9c8b0 #b5485a
cooking-pot = #a9443a #d9d3c6|coffee soup = #e6e0d3 #7a5a44|wine = #8c2436 #d8d2c8|beer = #d99a35 #efe6d2|milk = #ece9e0 #6f8fb0
utensils = #b9bcc0 #8b8f94|chef-hat = #eeeae0 #c9c2b4|ice-cream-cone = #e8c9a4 #c9895a|salad = #7fa650 #d8cdb4|microwave = #aab0b4 #4b5156
heart heart-pulse = #b8322f #e8d8c8|stethoscope = #3f5f78 #b9bcc0|dumbbell = #4a4f57 #9aa0a6|brain = #cf8f88 #9d5a58|pill = #d8664f #f0e8dc
leaf sprout = #5d8f3f #3f6430|droplet = #4b8fbf #cfe2ee|hospital = #e4e2dc #b8322f|thermometer = #e4e2dc #b8322f|flower-2 = #d8728a #4f7d3a
tree-deciduous = #55803c #6b4a30|flame = #e0752a #f6c85a|turtle snail = #7d8f4e #5d4a30|bug = #a8322c #2f2a28|rabbit squirrel = #a98662 #6f5238
cat = #d09a58 #5c4028|dog = #a9794c #4f3724|fish = #5f8fa6 #d9c9a4|bird = #5b86ad #d9a24a|paw-print = #8a5a38 #8a5a38|bone skull ghost = #e6ddcc #8a8070
guitar = #b5732f #4a2d18|piano keyboard = #2c2a2c #d8d2c4|headphones mic = #34373d #a9adb2|disc-3 = #1f1f22 #c2452f|drum = #b13b30 #e2d6bd
radio-tower radio tv = #6f5a45 #d0b070|briefcase luggage = #7d4e2c #c9a15a|building landmark = #c4b59a #7d6c54|handshake hand = #d3a27c #8b5f42
coins banknote trophy crown star bell = #cf9f3a #8f6a22|banknote wallet = #5f8a5a #dcd6bf|store = #c9503c #efe4cf|target = #c0392b #efe6d6
piggy-bank = #e0a09a #a8605c|gem = #4fa3b5 #d6eef2|gift = #b8323a #e3c45a|book-open = #efe6d2 #9a4a32|graduation-cap = #2b2c3a #c9a24a
pencil = #e0a92f #8a5a34|school church castle house = #c98f62 #7d4336|globe earth = #3f7fae #7fa650|library = #8d4b32 #3f6b6b|backpack = #3f6e8c #d9a24a
glasses = #2e3036 #9a9ea4|microscope telescope = #3a3f47 #c9a24a|atom orbit = #c9a24a #4b8fbf|flask-conical = #6fb3b8 #dfe8e6|dna = #4b8fbf #c9503c
magnet = #b8322f #c9ccd0|satellite = #c9ccd0 #3f6f9c|lightbulb = #f0c552 #a9adb2|puzzle = #3f8f8c #2a6462|rocket = #e3dfd6 #c0392b
key-round lock = #c9a24a #8a6a2c|zap = #f0c040 #b98a22|cpu server database = #3b424c #6fb3a8|smartphone laptop monitor = #2d3138 #8fb8cf
bot = #b9c0c6 #3f7fae|wifi = #4b8fbf #4b8fbf|battery-charging = #5d8f3f #3b424c|camera film gamepad-2 = #34373d #a9adb2|mouse = #d6d6d2 #8b8f94
hourglass = #d9b060 #7a4a2c|alarm-clock timer clock watch = #e9e0cc #8a5a34|calendar mail newspaper ticket = #efe8d8 #b8473a|sun = #f0b83c #d98a2a|moon = #e6dfc4 #b9ae8a
lamp lamp-desk = #e3c887 #7d5a3a|sofa armchair = #8c4f3f #5a3a28|bed bath = #e4ddd0 #8a6444|door-open = #8a5a38 #c9a24a|compass = #c9a24a #7a3a2a
map = #dccfa6 #8a6a44|plane = #e6e4de #3f6f9c|train-front bus = #b1402f #e0d6c0|car truck = #b8402f #2f3238|ship sailboat anchor = #4a6f8c #e6dcc6
bike shopping-cart = #3f6e6c #a9adb2|tent = #c97a35 #7a4a28|hammer wrench scissors plug = #a9adb2 #a8623a|shirt = #5f8fae #3f6480|umbrella = #b8404a #7a5a3a
sword shield = #a9b0b8 #8a6a2c|flag = #c0392b #8a6444|baby = #e6bd9c #a9744c|footprints = #8a5a38 #5c3a22|feather = #dfe2e2 #8b8f94
palette = #b98555 #c9503c|dice-5 = #efe9dc #2f2f33|message-circle = #4b8fbf #dfe8ee|scale = #c9a24a #8a6a2c|eye = #e9e6df #3f6f8c|ear = #d8a886 #a06c4c
chart-pie = #3f7fae #d9a24a|calculator = #3b424c #d8d2c4|credit-card = #2f5f8f #e3c45a|factory = #9a5a44 #5a4038|grape = #6b4a86 #5f8f3f
mountain = #7d8894 #e9edf0|user = #5f8fae #d8a886|tractor = #4f8f3f #d9a24a|gavel = #8a5a38 #5c3a22|activity trending-up = #c0392b #c0392b
snowflake = #bfdcec #9cc4dc|candy = #d8486a #f0e4d8|tower-control = #d8d2c4 #b8322f|squirrel nut = #a8703c #6f4a26
`;

const naturals = new Map<string, readonly [Colour, Colour]>(
  told
    .trim()
    .split(/[|\n]/)
    .flatMap((entry) => {
      const [names, colours] = entry.split(' = ') as [string, string];
      const [body, fittings] = colours.split(' ').map(hex) as [Colour, Colour];
      return names.split(' ').map((name) => [name, [body, fittings]] as const);
    }),
);

/** Body and fittings of a thing in daylight. */
export function naturalOf(icon: Icon): readonly [body: Colour, fittings: Colour] {
  return naturals.get(icon) ?? [hex('#b98d4e'), hex('#6e4a2a')];
}
